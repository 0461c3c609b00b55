SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM companies AS c2
    WHERE
      c2.id = c.company_id AND c2.industry = 'tech'
  )
