SELECT
  c.id
FROM customers AS c
WHERE
  LOWER(c.extra ->> 'beta') IN ('false', 'f', 'no', 'n', 'off', '0')
