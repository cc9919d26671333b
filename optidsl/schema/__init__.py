"""The kinds of block as data: attributes, types, defaults and docs in one table, and what is generated from it."""
