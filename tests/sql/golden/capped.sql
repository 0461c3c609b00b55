SELECT
  c.id
FROM customers AS c
WHERE
  EXISTS(
    SELECT
      1
    FROM (
      SELECT
        c2.id AS key
      FROM customers AS c2
      WHERE
        c2.email_consent IS TRUE
      ORDER BY
        c2.income DESC NULLS LAST,
        c2.id
      LIMIT 3
    ) AS x
    WHERE
      x.key = c.id
  )
