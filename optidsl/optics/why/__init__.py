"""Why the choice of parts is what it is: what binds it, what came second, what was rejected, what would change it."""
