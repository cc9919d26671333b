"""The arguments of every command; a command imports the parser of its own group only."""
