SELECT
  c.id
FROM customers AS c
WHERE
  c.children IN (0, 5)
