curl ^"https://shop.test/api/orders?page=1^&q=a^%^20b^" ^
  -X ^"PUT^" ^
  -H ^"accept: application/json^" ^
  -H ^"content-type: application/json^" ^
  --data-raw ^"^{^\^"name^\^":^\^"two ^%^ words^\^",^\^"count^\^":3^}^" &
curl ^"https://shop.test/text^" ^
  --data-raw ^"line one^

line two^"
