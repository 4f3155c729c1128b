
FROM python:$default-slim AS runtime
ENV PATH=/opt/venv/bin:$$PATH PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 app
COPY --from=build /opt/venv /opt/venv
WORKDIR /home/app
USER 10001
CMD [$command]
