SELECT
  c.id
FROM customers AS c
WHERE
  c.children = 2
