SELECT
  c.id
FROM customers AS c
WHERE
  NOT (
    c.email_consent IS TRUE
  )
