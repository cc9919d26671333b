"""Inputs of simulators and emulators."""
