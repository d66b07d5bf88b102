"""The read-only data interface for programs: /api/v1."""
