"""Remote Court: the scheduler and the video court of judicial electronic-service offices."""

from importlib.metadata import version

__version__ = version("remote-court")
