SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM logins AS l
    WHERE
      l.customer_id = c.id
      AND CASE
        WHEN (
          l.data ->> 'rating'
        ) ~ '^\s*[-+]?([0-9]{1,30}(\.[0-9]{0,30})?|\.[0-9]{1,30})\s*$'
        THEN CAST((
          l.data ->> 'rating'
        ) AS DECIMAL)
      END >= 4
      AND l.at < CAST('2026-03-09 00:00:00' AS TIMESTAMP)
  )
