"""The plan: what was decided, frozen into one document (`model`, `freeze`, `io`, `verify`, `statistics`).

Import the modules themselves: `verify` and the readers of a plan must not pull in the stages that made it.
"""
