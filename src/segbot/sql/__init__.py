"""Tree to SQL: lower, compile, guard. Knows the catalog's tables and columns, and no words of any language."""
