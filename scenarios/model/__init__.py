"""The planner's nouns. Standard-library dataclasses; pydantic reads the same classes at the border."""
