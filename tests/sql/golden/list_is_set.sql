SELECT
  c.id
FROM customers AS c
WHERE
  CARDINALITY(c.tags) > 0
