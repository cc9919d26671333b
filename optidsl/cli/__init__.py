"""The command line: arguments, files, clock, colour and environment variables exist only here."""
