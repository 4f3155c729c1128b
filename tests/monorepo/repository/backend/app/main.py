"""The service: plots and what they yield."""

from typing import Dict, List

from fastapi import FastAPI, HTTPException
from orchard_shared import Plot, total_yield

app = FastAPI(title="Orchard", version="1.4.0")

PLOTS: List[Plot] = [Plot("north", 12, 31.5), Plot("south", 8, 24.0)]


@app.get("/health")
def health() -> Dict[str, str]:
    """Say that the service is up."""
    return {"status": "ok"}


@app.get("/plots/{name}")
def plot(name: str) -> Dict[str, float]:
    """Return what a plot yields."""
    found = [one for one in PLOTS if one.name == name]
    if not found:
        raise HTTPException(status_code=404, detail=f"no plot is called {name}")
    return {"kilograms": total_yield(found)}
