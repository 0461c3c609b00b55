SELECT
  c.id
FROM customers AS c
WHERE
  c.id IN (1, 4, 5)
