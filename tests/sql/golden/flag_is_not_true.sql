SELECT
  c.id
FROM customers AS c
WHERE
  c.email_consent IS NOT TRUE
