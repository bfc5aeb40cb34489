"""The helpers of a locustfile: `assemble` copies those that a plan needs into it.

So everything here is free of Loadwright, and reads as a part of the locustfile.
"""
