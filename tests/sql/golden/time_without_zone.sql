SELECT
  c.id
FROM customers AS c
WHERE
  c.last_visit >= CAST('2026-03-01 00:00:00' AS TIMESTAMP)
