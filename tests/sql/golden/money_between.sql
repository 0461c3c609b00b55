SELECT
  c.id
FROM customers AS c
WHERE
  c.income BETWEEN 0 AND 100000
