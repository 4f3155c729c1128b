"""The page: a plot is chosen, its yield is shown."""

import os

import httpx
import streamlit as st

BACKEND = os.environ.get("BACKEND_URL", "http://localhost:8000")

st.title("Orchard")
name = st.selectbox("Plot", ["north", "south"])
answer = httpx.get(f"{BACKEND}/plots/{name}", timeout=5)
st.metric("Yield", f"{answer.json()['kilograms']:.1f} kg")
