SELECT
  c.id
FROM customers AS c
WHERE
  c.email <> '' AND c.email_consent IS TRUE AND c.blocked_at IS NULL
