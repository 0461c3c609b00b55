SELECT
  c.id
FROM customers AS c
WHERE
  c.email ILIKE 'a%'
