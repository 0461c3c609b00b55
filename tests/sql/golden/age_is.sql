SELECT
  c.id
FROM customers AS c
WHERE
  c.born <= CAST('1997-03-10' AS DATE) AND c.born > CAST('1995-03-10' AS DATE)
