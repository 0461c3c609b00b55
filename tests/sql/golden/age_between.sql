SELECT
  c.id
FROM customers AS c
WHERE
  c.born <= CAST('2001-03-10' AS DATE) AND c.born > CAST('1985-03-10' AS DATE)
