from app.main import app
from fastapi.testclient import TestClient

CLIENT = TestClient(app)


def test_the_service_is_up() -> None:
    assert CLIENT.get("/health").json() == {"status": "ok"}


def test_an_unknown_plot_is_not_found() -> None:
    assert CLIENT.get("/plots/west").status_code == 404
