"""What of a recording is secret or personal, and stand-ins for it."""
