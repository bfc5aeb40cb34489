"""The compiler: recordings and intent text in, one Plan out."""
