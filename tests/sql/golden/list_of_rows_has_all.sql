SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM labels AS l
    WHERE
      l.customer_id = c.id AND l.label = 'new'
  )
  AND EXISTS(
    SELECT
      1
    FROM labels AS l
    WHERE
      l.customer_id = c.id AND l.label = 'old'
  )
