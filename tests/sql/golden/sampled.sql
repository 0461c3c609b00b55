SELECT
  c.id
FROM customers AS c
WHERE
  LEFT(MD5('7' || ':' || CAST(c.id AS TEXT)), 8) < '4ccccccd'
