"""Remote Court: the scheduler and the video court of judicial electronic-service offices."""
