"""The JMeter backend."""
