curl "https://shop.test/old?a=1&b=2" -H "accept: text/plain" --data "say ""hi"" 100%" --compressed ^
 -H "x-old: yes"
