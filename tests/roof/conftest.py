from tests.metrics.conftest import broker, broker_url

__all__ = ["broker", "broker_url"]
