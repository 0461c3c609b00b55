SELECT
  c.id
FROM customers AS c
WHERE
  LOWER(c.email) = LOWER('BOB@gmail.com')
