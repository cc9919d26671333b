"""Proofs on the finished network: graph measures, failures and tests, from the columns of a plan and nothing else."""
