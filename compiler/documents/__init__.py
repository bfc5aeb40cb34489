"""The YAML and JSON form of an intent: the Plan as mappings and lists, values as the language writes them."""
