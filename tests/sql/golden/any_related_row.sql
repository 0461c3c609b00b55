SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM addresses AS a
    WHERE
      a.customer_id = c.id AND a.floor >= 1
  )
