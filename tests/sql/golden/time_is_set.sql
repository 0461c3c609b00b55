SELECT
  c.id
FROM customers AS c
WHERE
  c.signed_up IS NOT NULL
