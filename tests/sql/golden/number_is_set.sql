SELECT
  c.id
FROM customers AS c
WHERE
  c.children IS NOT NULL
