SELECT
  c.id
FROM customers AS c
WHERE
  c.extra -> 'billing' ->> 'plan' = 'pro'
