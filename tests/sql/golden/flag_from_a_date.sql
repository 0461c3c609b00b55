SELECT
  c.id
FROM customers AS c
WHERE
  c.blocked_at IS NOT NULL
