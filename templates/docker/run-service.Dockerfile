
FROM python:$default-slim AS runtime
ENV PATH=/opt/venv/bin:$$PATH PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 app
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv
COPY . .
USER 10001
EXPOSE $port
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "-c", "$check"]
CMD [$command]
