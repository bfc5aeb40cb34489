"""Apply: a recording and the decisions on it become a journey of a Plan."""
