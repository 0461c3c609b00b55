SELECT
  c.id
FROM customers AS c
WHERE
  c.income > 100000
