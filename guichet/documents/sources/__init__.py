"""Where papers come from: network scanners (eSCL), each in a process that may die. What was received before a fault is always kept."""
