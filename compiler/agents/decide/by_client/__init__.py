"""What the client made by itself: ids, times, digests, numbers, texts that a script escaped."""
