// The code of Asio and Beast themselves, which every file that includes them would compile again.
#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
